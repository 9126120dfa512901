using Xunit;

// Two cores: tests that measure, or that load the appliance, must not disturb each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
