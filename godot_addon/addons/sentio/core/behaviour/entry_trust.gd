class_name SentioEntryTrust
extends SentioEntryConfidence
## Deprecated: the former name of [SentioEntryConfidence]; to be removed in the next version.
