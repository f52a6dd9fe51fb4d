using Xunit.Sdk;
using Xunit.v3;

// The tests run one after the other, because each of them keeps the machine busy by itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
