"""Read the labelled data that models are fitted and evaluated on."""
