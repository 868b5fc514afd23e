from django.urls import path

from mainstay.chart.views import charts, documents, photos, summary

urlpatterns = [
    path("chart/find-problem/", summary.find_problem, name="find-problem"),
    path("patients/<uuid:public_id>/chart/", summary.chart, name="chart"),
    path("patients/<uuid:public_id>/chart/add/<slug:section>/", summary.add, name="chart-add"),
    path("patients/<uuid:public_id>/chart/reviewed/<slug:name>/", summary.review, name="chart-review"),
    path(
        "patients/<uuid:public_id>/chart/allergies/<uuid:allergy_id>/strike/",
        summary.strike_allergy,
        name="chart-strike",
    ),
    path("patients/<uuid:public_id>/vitals/", charts.vitals, name="chart-vitals"),
    path("patients/<uuid:public_id>/growth/", charts.growth, name="chart-growth"),
    path("patients/<uuid:public_id>/photo/", photos.photo, name="patient-photo"),
    path("patients/<uuid:public_id>/photo/drop/", photos.drop, name="drop-patient-photo"),
    path("patients/<uuid:public_id>/photo.jpg", photos.picture, name="patient-picture"),
    path("patients/<uuid:public_id>/documents/", documents.documents, name="chart-documents"),
    path("patients/<uuid:public_id>/documents/file/", documents.file_document, name="file-document"),
    path("patients/<uuid:public_id>/documents/<uuid:document_id>/", documents.document, name="document"),
    path("patients/<uuid:public_id>/documents/<uuid:document_id>/read/", documents.review, name="review-document"),
]
