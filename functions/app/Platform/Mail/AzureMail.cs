using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using MimeKit;
using Vox.Platform.Security;

namespace Vox.Platform.Mail;

/// <summary>Hands an e-mail to Azure Communication Services, through the REST API and with the app's identity.</summary>
public sealed class AzureMail(IOptions<MailOptions> options, EntraTokens entra)
{
    private const string Scope = "https://communication.azure.com/.default";

    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Returns when the service has taken the e-mail; it delivers it later.</summary>
    /// <exception cref="HttpRequestException">The service did not take it.</exception>
    public async Task SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            // The address alone: the name that people see belongs to the sender in the service.
            ["senderAddress"] = MailboxAddress.Parse(options.Value.From).Address,
            ["recipients"] = new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = mail.To }) },
            ["content"] = new JsonObject { ["subject"] = mail.Subject, ["plainText"] = mail.Text, ["html"] = mail.Html },
            // Links are as good as passwords: nobody is to count clicks on them.
            ["userEngagementTrackingDisabled"] = true,
        };
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(options.Value.Endpoint!, "/emails:send?api-version=2023-03-31"))
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await entra.GetAsync(Scope, cancellationToken));
        using var response = await Http.SendAsync(request, cancellationToken);
        // The answer's text may repeat the address, which is not for the log.
        response.EnsureSuccessStatusCode();
    }
}
