from django.urls import path

from mainstay.people import views, views_access, views_around

urlpatterns = [
    path("search/", views.search, name="search"),
    path("patients/", views.patients, name="patients"),
    path("patients/register/", views.register, name="register-patient"),
    path("patients/register/likely/", views.likely, name="likely-duplicates"),
    path("patients/broken-glass/", views_access.glass_reviews, name="broken-glass"),
    path("patients/broken-glass/<uuid:opening_id>/", views_access.review_glass, name="review-broken-glass"),
    path("patients/<uuid:public_id>/", views.patient, name="patient"),
    path("patients/<uuid:public_id>/demographics/", views.demographics, name="patient-demographics"),
    path("patients/<uuid:public_id>/changes/", views.changes, name="patient-changes"),
    path("patients/<uuid:public_id>/add/<slug:section>/", views_around.add, name="patient-add"),
    path("patients/<uuid:public_id>/related/<uuid:person_id>/", views_around.related, name="patient-related"),
    path("patients/<uuid:public_id>/end/<slug:section>/<int:row>/", views_around.end, name="patient-end"),
    path("patients/<uuid:public_id>/break-glass/", views_access.glass, name="break-glass"),
    path("patients/<uuid:public_id>/access/", views_access.access, name="patient-access"),
    path("patients/<uuid:public_id>/duplicates/", views_access.duplicates, name="patient-duplicates"),
    path("patients/<uuid:public_id>/merge/<uuid:other_id>/", views_access.merge, name="merge-patients"),
    path("merges/<int:merge_id>/undo/", views_access.undo, name="undo-merge"),
]
