namespace Vox.Platform.Storage;

/// <summary>Does the same for many items, a few at a time: a long list must not take storage and connections from everybody else.</summary>
internal static class ManyRequests
{
    /// <summary>How many run at a time.</summary>
    public const int Parallel = 16;

    /// <summary>All items are tried, even if one fails. The first failure is thrown when all have ended.</summary>
    /// <returns>Results in the order of the items.</returns>
    public static async Task<TResult[]> EachAsync<T, TResult>(
        IEnumerable<T> items, Func<T, Task<TResult>> act, CancellationToken cancellationToken = default)
    {
        using var slots = new SemaphoreSlim(Parallel);
        return await Task.WhenAll(items.Select(async item =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                return await act(item);
            }
            finally
            {
                slots.Release();
            }
        }));
    }

    /// <inheritdoc cref="EachAsync{T, TResult}"/>
    public static Task EachAsync<T>(IEnumerable<T> items, Func<T, Task> act, CancellationToken cancellationToken = default) =>
        EachAsync(
            items,
            async item =>
            {
                await act(item);
                return true;
            },
            cancellationToken);
}
