"""Whom did prevention reach, and through what?"""

from dashboard.ui import figure_page
from dashboard.views import catalogue

figure_page.show(catalogue.PREVENTION)
