"""The demonstration story: two funders, eight institutions and two fiscal years, told through the services."""
