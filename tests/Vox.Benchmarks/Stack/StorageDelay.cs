using Azure.Core;
using Azure.Core.Pipeline;

namespace Vox.Benchmarks.Stack;

/// <summary>Holds every storage request up, so that round trips cost what they cost between machines. A loopback hides them.</summary>
internal sealed class StorageDelay(TimeSpan delay) : HttpPipelinePolicy
{
    /// <summary>An argument of the process, followed by milliseconds.</summary>
    public const string Argument = "--storage-delay=";

    /// <returns>Null without the argument.</returns>
    public static StorageDelay? Of(IEnumerable<string> arguments) =>
        arguments.FirstOrDefault(argument => argument.StartsWith(Argument, StringComparison.Ordinal)) is { } found
            ? new(TimeSpan.FromMilliseconds(int.Parse(found[Argument.Length..], System.Globalization.CultureInfo.InvariantCulture)))
            : null;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await Task.Delay(delay);
        await ProcessNextAsync(message, pipeline);
    }
}
