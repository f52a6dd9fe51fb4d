using Xunit.Sdk;
using Xunit.v3;

// One after the other: each of these tests keeps the machine busy by itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
