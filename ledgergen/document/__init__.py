"""The document room: a policy document in, a draft of plan and units out. Imports workbook, plan and ground only."""
