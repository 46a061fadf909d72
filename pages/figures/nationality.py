"""Which nationalities were recorded among the victims?"""

from dashboard.ui import figure_page
from dashboard.views import catalogue

figure_page.show(catalogue.NATIONALITY)
