"""Where everything lies, in millimetres: slots on a note, notes on a sheet, sheets in a run. No ink."""
