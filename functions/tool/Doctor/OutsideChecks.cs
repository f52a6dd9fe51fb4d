using System.Security.Authentication;

namespace Vox.OperatorTool.Doctor;

/// <summary>What the app cannot see itself: how it looks from the internet.</summary>
internal sealed class OutsideChecks(AppClient app, TimeProvider time, string origin)
{
    public const string Reachable = "reachable";

    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(2);

    /// <summary>Whether it answers, over what, and what its clock says.</summary>
    public async Task<List<Finding>> CheckAddressAsync(CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        try
        {
            using var response = await SendAsync(HttpMethod.Get, new Uri(app.Address, "api/health/live"), cancellationToken);
            findings.Add(response.IsSuccessStatusCode
                ? Finding.Ok(Reachable, $"{app.Address} answers.")
                : Finding.Error(
                    Reachable, $"{app.Address} answers {(int)response.StatusCode}.",
                    "See docs/operations.md, not-reachable: the app does not start, or this is not its address."));
            findings.Add(CheckTls(response));
            findings.Add(CheckClock(response));
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            findings.Add(Finding.Error(
                Reachable, $"The certificate of {app.Address.Host} is not good: {e.InnerException.Message}",
                "Use the address that the certificate is for, or wait until Azure has issued it (up to an hour after the DNS records)."));
        }
        catch (HttpRequestException e)
        {
            findings.Add(Finding.Error(
                Reachable, $"{app.Address} does not answer: {e.Message}", "See the address, DNS, and whether the function app runs."));
        }

        return findings;
    }

    /// <summary>Browsers ask first whether a page of another origin may call.</summary>
    public async Task<Finding> CheckCorsAsync(CancellationToken cancellationToken)
    {
        const string Check = "CORS of the app";
        using var response = await PreflightAsync(
            new Uri(app.Address, "api/v1/messages"), "POST", "authorization,content-type", cancellationToken);
        return response is { IsSuccessStatusCode: true } && response.Headers.Contains("Access-Control-Allow-Origin")
            ? Finding.Ok(Check, "Pages of other origins may call; each project's own list decides.")
            : Finding.Error(
                Check, $"The app does not answer a page of {origin} that asks whether it may call{Status(response)}.",
                "Empty the list of CORS origins of the function app (az functionapp cors remove …): the app answers itself, and a proxy in "
                + "front of it must let OPTIONS through.");
    }

    /// <summary>Pages upload straight to the storage.</summary>
    public async Task<Finding> CheckBlobCorsAsync(Uri service, CancellationToken cancellationToken)
    {
        const string Check = "CORS of the storage";
        // The rules are the service's, whether there is such a blob or not.
        Uri blob = new(service.AbsoluteUri.TrimEnd('/') + "/doctor/doctor");
        using var response = await PreflightAsync(blob, "PUT", "content-type,x-ms-blob-type", cancellationToken);
        return response is { IsSuccessStatusCode: true } && response.Headers.Contains("Access-Control-Allow-Origin")
            ? Finding.Ok(Check, $"Pages may upload to {service.Host}.")
            : Finding.Error(
                Check, $"{service.Host} does not let pages of {origin} upload{Status(response)}.",
                "Deploy infra-bicep with this origin in sdkOrigins (locally: Files__SetBlobCors=true).");
    }

    /// <summary>Where the SignalR service sends events.</summary>
    public async Task<Finding> CheckUpstreamAsync(CancellationToken cancellationToken)
    {
        const string Check = "signalr upstream";
        using var response = await SendAsync(HttpMethod.Post, new Uri(app.Address, "runtime/webhooks/signalr"), cancellationToken);
        return (int)response.StatusCode switch
        {
            401 => Finding.Ok(Check, "It is there, and asks for its key."),
            404 => Finding.Error(
                Check, "The app has no SignalR extension.",
                "Release a package that was built with SignalRServicePackage=Official (build.sh)."),
            403 => Finding.Warning(
                Check, "It cannot be reached from here.", "Behind Front Door that is right: the try-out of the live channel shows more."),
            var status => Finding.Error(Check, $"It answers {status} to a call without the key.", "See what the host recorded."),
        };
    }

    private Finding CheckTls(HttpResponseMessage response)
    {
        const string Check = "TLS";
        if (app.Address.Scheme != Uri.UriSchemeHttps)
        {
            return app.Address.IsLoopback
                ? Finding.Ok(Check, "Not needed on this machine.")
                : Finding.Error(
                    Check, "The address is http: passwords and tokens can be read on the way.",
                    "Use the https address; the function app should allow no other (httpsOnly).");
        }

        return response.Headers.Contains("Strict-Transport-Security")
            ? Finding.Ok(Check, "With HSTS.")
            : Finding.Warning(
                Check, "Without Strict-Transport-Security a browser's first call may go over http.",
                "Deploy the app's host.json (hsts), and the rule of infra-bicep/modules/frontdoor.bicep.");
    }

    private Finding CheckClock(HttpResponseMessage response)
    {
        const string Check = "clock";
        var skew = response.Headers.Date is { } theirs ? time.GetUtcNow() - theirs : TimeSpan.Zero;
        var how = $"{Math.Round(skew.Duration().TotalMinutes)} minutes {(skew > TimeSpan.Zero ? "ahead of" : "behind")}";
        return skew.Duration() < MaxSkew
            ? Finding.Ok(Check, "This machine's agrees with the app's.")
            : Finding.Warning(
                Check, $"This machine's is {how} the app's.",
                "Have this machine's clock set by NTP. If it is right, the app's is wrong: tokens end too early or too late.");
    }

    private async Task<HttpResponseMessage?> PreflightAsync(Uri address, string method, string headers, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(
                HttpMethod.Options, address, cancellationToken, ("Origin", origin), ("Access-Control-Request-Method", method),
                ("Access-Control-Request-Headers", headers));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri address, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await app.Http.SendAsync(request, cancellationToken);
    }

    private static string Status(HttpResponseMessage? response) => response is null ? " (no answer)" : $" ({(int)response.StatusCode})";
}
