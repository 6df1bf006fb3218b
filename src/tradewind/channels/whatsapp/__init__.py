"""WhatsApp: Meta's Cloud API, by its documented signature scheme."""
