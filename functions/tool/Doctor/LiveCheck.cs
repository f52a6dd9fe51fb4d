using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace Vox.OperatorTool.Doctor;

/// <summary>
/// Tries out the live channel with two users of a project that is made for it and removed again. The signal "is typing" goes from the
/// connection through the SignalR service to the app and back, so it shows that the service's events reach the app.
/// </summary>
internal sealed class LiveCheck(AppClient app, Surroundings surroundings)
{
    private const string Connect = "live connection";
    private const string Upstream = "live events to the app";
    private const string Push = "live messages to users";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private const string UpstreamRemedy =
        "See that the upstream address of the SignalR service is {app}/runtime/webhooks/signalr with the app's key (infra-bicep/scripts/"
        + "signalr-key.sh; it takes half an hour to be known), and that event 3020 is not in the log: then the service's identity is "
        + "refused.";

    public async Task<List<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        string? project = null;
        try
        {
            var probe = await app.PostAsync("probes", new { }, cancellationToken);
            project = probe.Text("projectId")!;
            var users = probe.GetProperty("users").EnumerateArray().Select(u => (u.Text("username")!, u.Text("password")!)).ToList();
            return await TryAsync(await LogInAsync(project, users[0]), await LogInAsync(project, users[1]), users[1].Item1);
        }
        catch (ToolException e)
        {
            return [Finding.Error(Connect, e.Message, "See the findings before this one.")];
        }
        finally
        {
            if (project is not null)
            {
                await app.DeleteAsync("probes/" + project, CancellationToken.None);
            }
        }

        async Task<Person> LogInAsync(string projectId, (string Name, string Password) user)
        {
            var session = await CallAsync(
                "api/v1/sessions", null, new { projectId, loginId = user.Name, password = user.Password }, cancellationToken);
            return new Person(session.Text("accessToken")!, session.Text("realtimeUser")!);
        }

        async Task<List<Finding>> TryAsync(Person one, Person other, string otherName)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(surroundings.Patience);
            List<Finding> findings = [];
            try
            {
                await using var sender = await OpenAsync(one, limit.Token);
                await using var receiver = await OpenAsync(other, limit.Token);
                findings.Add(Finding.Ok(Connect, "The service accepts connections."));
                findings.Add(await TypeAsync(sender, receiver, otherName, limit.Token));
                findings.Add(await SendAsync(one, receiver, otherName));
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                findings.Add(Finding.Error(
                    Connect,
                    "The SignalR service does not accept a connection: " + (e is WebSocketException ? e.Message : "it does not answer."),
                    "See that the service is in mode Serverless, that its network rules let clients in, and that it has units left (a free "
                    + "one takes 20 connections). " + UpstreamRemedy));
            }

            return findings;
        }

        async Task<Finding> SendAsync(Person one, LiveSocket receiver, string to)
        {
            await CallAsync("api/v1/messages", one.Token, new { to, data = "vox doctor" }, cancellationToken);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(surroundings.Patience);
            return await ArrivesAsync(receiver, "message", limit.Token)
                ? Finding.Ok(Push, "A message is pushed.")
                : Finding.Error(
                    Push, "A message is stored and not pushed.",
                    "Give the app's identity the role SignalR Service Owner, and see event 3000 in the log.");
        }
    }

    /// <summary>The signal may be lost, so it is sent again.</summary>
    private static async Task<Finding> TypeAsync(LiveSocket sender, LiveSocket receiver, string to, CancellationToken cancellationToken)
    {
        var arriving = ArrivesAsync(receiver, "typing", cancellationToken);
        try
        {
            while (!arriving.IsCompleted)
            {
                await sender.SendAsync("typing", new { to }, cancellationToken);
                await Task.WhenAny(arriving, Task.Delay(Again, cancellationToken));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The service closed the connection, or time is up.
        }

        return await arriving
            ? Finding.Ok(Upstream, "The service's events reach the app.")
            : Finding.Error(Upstream, "The service's events do not reach the app, or the app refuses them.", UpstreamRemedy);
    }

    private static async Task<bool> ArrivesAsync(LiveSocket receiver, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await receiver.WaitForAsync(name, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<LiveSocket> OpenAsync(Person person, CancellationToken cancellationToken)
    {
        var where = await CallAsync(
            "api/v1/realtime/negotiate?u=" + Uri.EscapeDataString(person.RealtimeUser), person.Token, new { }, cancellationToken);
        return await LiveSocket.ConnectAsync(where.Text("url")!, where.Text("accessToken")!, cancellationToken);
    }

    /// <summary>As a client, without the master key.</summary>
    private async Task<JsonElement> CallAsync(string path, string? token, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        try
        {
            using var response = await app.Http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize<JsonElement>(text)
                : throw new ToolException(ExitCodes.Refused, $"{path.Split('?')[0]} answers {(int)response.StatusCode}: {text}");
        }
        catch (HttpRequestException e)
        {
            throw new ToolException(ExitCodes.NotReached, $"{path.Split('?')[0]} does not answer: {e.Message}");
        }
    }

    private sealed record Person(string Token, string RealtimeUser);
}
