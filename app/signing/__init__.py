"""Electronic signatures of the PDF files that are issued: made with the operator's key, checked within bounds."""
