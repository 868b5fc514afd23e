"""The only place that knows everyone: settings, addresses, subscriptions, navigation, banner."""
