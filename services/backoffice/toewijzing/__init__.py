"""The assignment to one provider that follows from an indicatie, told with a 301."""
