using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Vox.OperatorTool;

/// <summary>Calls the app as an operator.</summary>
internal sealed class AppClient(Uri address, MasterKey key) : IDisposable
{
    private const string Base = "api/operator/v1/";

    public Uri Address => address;

    /// <summary>For calls without the key. Redirects are not followed: the key would go along.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, Base + path, null, cancellationToken);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Base + path, body, cancellationToken);

    public Task<JsonElement> PutAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, Base + path, body, cancellationToken);

    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, Base + path, null, cancellationToken);

    /// <param name="path">From the root of the app.</param>
    /// <exception cref="ToolException">The app refused, or did not answer.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("x-functions-key", await key.GetAsync(cancellationToken));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        HttpResponseMessage response;
        try
        {
            response = await Http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new ToolException(ExitCodes.NotReached, $"{address} does not answer: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException(ExitCodes.NotReached, $"{address} did not answer within {Http.Timeout.TotalSeconds:0} seconds.");
        }

        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? Parse(text) ?? throw new ToolException(ExitCodes.Refused, $"{address}{path} is no VoxFunctions: it answered no JSON.")
                : throw Refused(response.StatusCode, Parse(text));
        }
    }

    public void Dispose() => Http.Dispose();

    private ToolException Refused(HttpStatusCode status, JsonElement? problem) => status switch
    {
        HttpStatusCode.Unauthorized => new ToolException(
            ExitCodes.Refused, $"{address} refuses the key: it must be the master key of this function app."),
        HttpStatusCode.Forbidden when problem is not { ValueKind: JsonValueKind.Object } => new ToolException(
            ExitCodes.Refused, $"{address} answers 403: behind Front Door use PUBLIC_URL; and the key must be the master key."),
        HttpStatusCode.NotFound when problem is not { ValueKind: JsonValueKind.Object } => new ToolException(
            ExitCodes.Refused, $"{address} does not know this: the app is older than this tool, or it is another app."),
        _ => new ToolException(
            ExitCodes.Refused,
            problem is { ValueKind: JsonValueKind.Object } p && (p.Text("detail") ?? p.Text("title")) is { Length: > 0 } why
                ? $"{why} ({p.Text("code")})"
                : $"{address} answers {(int)status}."),
    };

    private static JsonElement? Parse(string text)
    {
        if (text.Length == 0)
        {
            return JsonSerializer.SerializeToElement<object?>(null);
        }

        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
