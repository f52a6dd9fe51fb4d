using System.Text.Json;

namespace Vox.Benchmarks.Stack;

/// <summary>The other end of <see cref="ChildProcess"/>.</summary>
internal static class ChildRole
{
    /// <summary>The prefix of every line that is an answer. Anything else that a library prints is skipped.</summary>
    public const string Ready = "\u0001";

    /// <param name="answer">Takes the words of a line; its result is sent back as JSON.</param>
    public static async Task ServeAsync(string greeting, Func<string[], Task<object>> answer)
    {
        Console.WriteLine(Ready + greeting);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Console.WriteLine(Ready + JsonSerializer.Serialize(await answer(line.Split(' '))));
        }
    }
}
