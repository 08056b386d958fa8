"""The planner's page: thin Streamlit pages over the same calls as the command line. Nothing in the core imports it."""
