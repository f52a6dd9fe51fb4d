using System.Collections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Local.Hosting.SignalRBindings;

/// <summary>Sends what a function returned to SignalR, once the worker has finished.</summary>
internal sealed class SignalROutputs(SignalRRestClient client)
{
    public Task SendAsync(Invocation invocation)
    {
        if (invocation.Function.ReturnOutput is { } output)
        {
            return invocation.Result.Value is null or IActionResult or IResult
                ? Task.CompletedTask
                : SendAsync(output, invocation.Result.Value, invocation.CancellationToken);
        }

        // Properties in parallel; the elements of one in order.
        return Task.WhenAll(
            from o in invocation.Outputs
            where o is { Property.SignalR: not null, Value: not null }
            select SendAsync(o.Property.SignalR!, o.Value!, invocation.CancellationToken));
    }

    private async Task SendAsync(SignalROutputAttribute output, object value, CancellationToken cancellation)
    {
        // The first failure ends the row: what follows is not sent, and nothing is retried.
        foreach (var action in value is IEnumerable many ? many.Cast<object>() : [value])
        {
            await (action switch
            {
                SignalRMessageAction message => client.SendAsync(output, message, cancellation),
                SignalRGroupAction group => client.ChangeGroupAsync(output, group, cancellation),
                _ => throw new InvalidOperationException($"[SignalROutput] cannot send a {action.GetType().Name}."),
            });
        }
    }
}
