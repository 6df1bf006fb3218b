"""Language models: data, encoders, training, evaluation, export and the run-time engine."""
