using System.Text.Json;
using Vox.DevHost.Rpc;

namespace Vox.DevHost.SignalR;

/// <summary>Sends what a function returned to SignalR, once the worker has finished.</summary>
internal sealed class SignalROutputs(SignalRRestClient client)
{
    /// <summary>Properties are sent in parallel, the elements of one property in order.</summary>
    public Task SendAsync(FunctionDescriptor function, InvocationResponse response, CancellationToken cancellation) =>
        function.Outputs.Length == 0
            ? Task.CompletedTask
            : Task.WhenAll(
                function.Outputs.Select(output => SendAsync(output, FunctionDescriptor.OutputOf(response, output.Name), cancellation)));

    private async Task SendAsync(SignalROutputBinding output, TypedData? value, CancellationToken cancellation)
    {
        if (value is not { HasJson: true })
        {
            return;
        }

        // The first failure ends the sequence: what follows is not sent, and nothing is retried.
        using var json = JsonDocument.Parse(value.Json);
        JsonElement[] elements = json.RootElement.ValueKind switch
        {
            JsonValueKind.Array => [.. json.RootElement.EnumerateArray()],
            JsonValueKind.Object => [json.RootElement],
            _ => [],
        };
        foreach (var action in elements.Select(element => new SignalRAction(element)))
        {
            if (action.GroupAction is not null)
            {
                await client.ChangeGroupAsync(output, action, cancellation);
            }
            else if (action.Target is not null)
            {
                await client.SendAsync(output, action, cancellation);
            }
            else
            {
                throw new InvalidOperationException($"The SignalR output '{output.Name}' has neither a target nor an action.");
            }
        }
    }
}
