"""``make audit``: are the locks whole, the licences ours to use, the libraries declared, and no fault of them known?"""
