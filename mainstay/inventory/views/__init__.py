"""Pages of stock: shelves, receiving, counting, storage, recalls, reports."""
