"""In which sectors, and in which forms, were victims exploited?"""

from dashboard.ui import figure_page
from dashboard.views import catalogue

figure_page.show(catalogue.SECTOR)
