"""Dashboard of a consular working group on trafficking in persons: from an agency's return to a protected figure."""
