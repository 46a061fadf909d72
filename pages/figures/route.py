"""From where, through where and to where were victims moved?"""

from dashboard.ui import figure_page
from dashboard.views import catalogue

figure_page.show(catalogue.ROUTE)
