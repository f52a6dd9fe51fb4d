namespace Vox.Benchmarks.Load;

/// <summary>Fills conversations: many sends at once, which the app combines into few transactions.</summary>
internal static class Archive
{
    private const int AtOnce = 300;

    /// <summary>From each of the writers in turn to the one after him.</summary>
    public static Task FillAsync(Person[] people, int from, int to) => Parallel.ForAsync(
        from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
        async (i, _) => await people[i % (people.Length - 1)].SendAsync(people[(i % (people.Length - 1)) + 1].Name, $"s{i}", $"message {i} {new string('x', 80)}"));
}
