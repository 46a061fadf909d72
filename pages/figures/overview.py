"""Where do we stand?"""

from dashboard.ui import figure_page
from dashboard.views import catalogue

figure_page.show(catalogue.OVERVIEW)
