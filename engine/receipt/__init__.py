"""The receipt: everything that a score consists of, in one canonical JSON text with a digest."""

from engine.receipt.facts import facts_of
from engine.receipt.model import Content, Receipt
from engine.receipt.text import ReceiptError, plain, read_receipt, write_receipt

__all__ = ["Content", "Receipt", "ReceiptError", "facts_of", "plain", "read_receipt", "write_receipt"]
