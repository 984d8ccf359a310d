"""The endpoints: one module, or one folder, for each resource."""
