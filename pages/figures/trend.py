"""How did the number of victims develop?"""

from dashboard.ui import figure_page
from dashboard.views import catalogue

figure_page.show(catalogue.TREND)
