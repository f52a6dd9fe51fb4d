using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Vox.Chat.ApiKeys;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi;

/// <summary>What every endpoint of the server API does: the caller, the body, the idempotency key, the answer.</summary>
public sealed class ServerRequests(ServerCallers callers, RequestBody body, IdempotencyService idempotency)
{
    private const int MaxKey = 255;

    /// <exception cref="VoxException">invalid_api_key, address_not_allowed, missing_scope, too_many_requests</exception>
    public Task<ServerCaller> ReadAsync(HttpRequest request, string scope, CancellationToken cancellationToken) =>
        callers.ReadAsync(request, scope, cancellationToken);

    /// <summary>The caller and the body of a request that needs no idempotency key: PUT, PATCH.</summary>
    public async Task<(ServerCaller Caller, T Body)> ReadAsync<T>(
        HttpRequest request, string scope, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var caller = await callers.ReadAsync(request, scope, cancellationToken);
        return (caller, await body.ReadJsonAsync(request, type, cancellationToken));
    }

    /// <summary>A POST with a body, done once for each idempotency key.</summary>
    /// <param name="again">See <see cref="IdempotencyService.RunAsync"/>.</param>
    public async Task<IActionResult> PostAsync<TRequest, TResponse>(
        HttpRequest request, string scope, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType,
        Func<ServerCaller, TRequest, Task<TResponse>> act, CancellationToken cancellationToken, bool again = false)
        where TRequest : class
    {
        var caller = await callers.ReadAsync(request, scope, cancellationToken);
        var (value, bytes) = await body.ReadJsonBytesAsync(request, requestType, cancellationToken);
        return await OnceAsync(
            request, caller, bytes, async () => new KeyedAnswer(
                StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(await act(caller, value), responseType)),
            cancellationToken, again);
    }

    /// <summary>A POST without a body.</summary>
    public async Task<IActionResult> PostAsync<TResponse>(
        HttpRequest request, string scope, JsonTypeInfo<TResponse> responseType, Func<ServerCaller, Task<TResponse>> act,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, scope, cancellationToken);
        // Whatever was sent is no part of what was asked for, but it must not be without a limit.
        await body.ReadAsync(request, cancellationToken);
        return await OnceAsync(
            request, caller, default, async () => new KeyedAnswer(
                StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(await act(caller), responseType)), cancellationToken);
    }

    private async Task<IActionResult> OnceAsync(
        HttpRequest request, ServerCaller caller, ReadOnlyMemory<byte> bytes, Func<Task<KeyedAnswer>> act,
        CancellationToken cancellationToken, bool again = false)
    {
        if (KeyOf(request) is not { } key)
        {
            return Result(await act());
        }

        var (answer, repeated) = await idempotency.RunAsync(
            caller.Project.Id, key, Fingerprint(request, bytes), act, cancellationToken, again);
        if (repeated)
        {
            request.HttpContext.Response.Headers["Idempotency-Replayed"] = "true";
        }

        return Result(answer);
    }

    /// <returns>Null when the request has none.</returns>
    /// <exception cref="VoxException">invalid_field, too_long</exception>
    public static string? KeyOf(HttpRequest request) => request.Headers["Idempotency-Key"].ToString().Trim() switch
    {
        "" => null,
        { Length: > MaxKey } => throw new VoxException(
            Errors.TooLong, $"Idempotency-Key may have at most {MaxKey} characters.", "Idempotency-Key"),
        var key when key.Any(c => c is < ' ' or > '~') => throw new VoxException(
            Errors.InvalidField, "Idempotency-Key may have only printable ASCII characters: a UUID is a good one.", "Idempotency-Key"),
        var key => key,
    };

    private static string Fingerprint(HttpRequest request, ReadOnlyMemory<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(bytes.Span);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static BodyResult Result(KeyedAnswer answer) => new(answer.Status, answer.Body, "application/json");
}
