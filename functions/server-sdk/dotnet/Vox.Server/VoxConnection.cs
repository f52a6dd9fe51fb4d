using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vox.Server;

/// <summary>Sends requests, and repeats those that failed in passing.</summary>
internal sealed class VoxConnection(HttpClient http, VoxOptions options, TimeProvider time)
{
    private const string Base = "api/server/v1/";

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, null, null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    public async Task<TResponse> PostAsync<TRequest, TResponse>(
        string path, TRequest body, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType, string? idempotencyKey,
        CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, requestType), idempotencyKey ?? Guid.NewGuid().ToString(),
                null,
            cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, responseType, cancellationToken).ConfigureAwait(false);
    }

    public async Task<TResponse> ChangeAsync<TRequest, TResponse>(
        HttpMethod method, string path, TRequest body, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType,
        string? ifMatch, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            method, path, JsonSerializer.SerializeToUtf8Bytes(body, requestType), null, ifMatch, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, responseType, cancellationToken).ConfigureAwait(false);
    }

    public async Task DeleteAsync(string path, string? ifMatch, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Delete, path, null, null, ifMatch, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A deletion that says what has become of it.</summary>
    public async Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> type, string? ifMatch, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Delete, path, null, null, ifMatch, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, byte[]? body, string? idempotencyKey, string? ifMatch, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? asked = null;
            try
            {
                using var request = Request(method, path, body, idempotencyKey, ifMatch);
                var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }

                using (response)
                {
                    var error = await ErrorAsync(response, cancellationToken).ConfigureAwait(false);
                    if (attempt > options.MaxRetries || !IsPassing(error))
                    {
                        throw error;
                    }

                    asked = response.Headers.RetryAfter is { } after ? after.Delta ?? (after.Date - time.GetUtcNow()) : null;
                }
            }
            catch (HttpRequestException) when (attempt <= options.MaxRetries)
            {
                // Nobody knows whether it was done. All requests can be repeated: a POST has its idempotency key.
            }
            catch (OperationCanceledException e) when (
                attempt <= options.MaxRetries && e.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
            {
                // The HttpClient's own time-out.
            }

            await Task.Delay(Pause(attempt, asked), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string? idempotencyKey, string? ifMatch)
    {
        var request = new HttpRequestMessage(method, new Uri(Root(), Base + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return request;
    }

    private Uri Root() => options.Address!.AbsoluteUri.EndsWith('/') ? options.Address : new Uri(options.Address.AbsoluteUri + "/");

    /// <summary>The server's own word, or else what the status says. A key that is being worked on frees itself.</summary>
    private static bool IsPassing(VoxApiException error) =>
        error.Retryable || error.Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>Grows with each attempt; jitter keeps many servers from repeating at the same moment.</summary>
    private TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        var own = TimeSpan.FromMilliseconds(Random.Shared.Next(50, 250 << Math.Min(attempt, 7)));
        var pause = asked > own ? asked.Value : own;
        return pause < options.MaxRetryDelay ? pause : options.MaxRetryDelay;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("The server has answered null.");
        }
    }

    private static async Task<VoxApiException> ErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var problem = await ReadAsync(response, VoxJson.Default.Problem, cancellationToken).ConfigureAwait(false);
            return new VoxApiException(
                response.StatusCode, problem.Code ?? "unknown", problem.Detail ?? problem.Title ?? response.ReasonPhrase ?? "",
                    problem.Field,
                problem.Retryable);
        }
        catch (JsonException)
        {
            // Not our server's own answer, but that of something in between.
            return new VoxApiException(
                response.StatusCode, "unknown", $"The server has answered {(int)response.StatusCode} without a reason.", null, false);
        }
    }
}
