class_name SentioEntryTrust
extends SentioEntryConfidence
## Deprecated: the former name of [SentioEntryConfidence]; goes with the next version.
