"""The papers around a job, on plain A4: labels, the delivery note, the job ticket and the visual proof."""
