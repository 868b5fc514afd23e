"""What pages are made of: marks, panels, form fields, the frame around them. Used through `{% load ui %}`."""
