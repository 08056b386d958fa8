"""Charts of the planner's page: a frame or record in, an Altair chart out. Nothing here knows Streamlit."""
