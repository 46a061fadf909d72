"""How many cases reached each stage of the justice chain?"""

from dashboard.ui import figure_page
from dashboard.views import catalogue

figure_page.show(catalogue.JUSTICE)
