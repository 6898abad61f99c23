"""What the server does beside the pages; imported before there is a page, so it imports no part of one."""
