"""What a press file is made of: inks, type, symbols, forms, pages, and the PDF that they are written into."""
