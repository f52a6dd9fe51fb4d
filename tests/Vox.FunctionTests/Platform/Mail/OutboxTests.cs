using Azure.Data.Tables;
using Vox.Platform.Mail;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Mail;

public sealed class OutboxTests(Backends backends)
{
    private static readonly MailMessage Message = new(
        "ada@example.com", "123456 is your code", "https://example.com/reset?token=abcdef", "<p>abcdef</p>");

    [Fact]
    public async Task Mail_WaitingToBeSent_ShowsNothingToWhoReadsTheTable()
    {
        // Nobody listens there, so the e-mail waits.
        await using var app = await VoxApp.StartAsync(backends, ["Mail:Host=127.0.0.1", "Mail:Port=1"]);

        await app.Get<MailOutbox>().SendAsync(Message, CancellationToken.None);

        var row = Assert.Single(await app.Get<StorageClients>().Table("mail").QueryAsync(
            $"PartitionKey eq {Keys.PendingMail}", 10, CancellationToken.None));
        var text = string.Join(' ', row.Select(column => column.Value));
        Assert.All(
            ["ada@example.com", "123456", "token", "abcdef"], part => Assert.DoesNotContain(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_LeftBehindByThisOrAnEarlierVersion_IsSent()
    {
        var folder = Directory.CreateTempSubdirectory("vox-mail-");
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, ["Mail:Host=127.0.0.1", "Mail:Port=1"]);
        await app.Get<MailOutbox>().SendAsync(Message, CancellationToken.None);
        await app.Get<StorageClients>().Table("mail").UpsertAsync(
            new TableEntity(Keys.PendingMail, Keys.Mail(clock.GetUtcNow(), "old"))
            {
                ["To"] = "bob@example.com",
                ["Subject"] = "Old",
                ["Text"] = "old",
                ["Html"] = "<p>old</p>",
                ["At"] = clock.GetUtcNow(),
            },
            CancellationToken.None);
        await using var other = await VoxApp.StartAsync(
            backends, ["Mail:Folder=" + folder.FullName], builder => Microsoft.Extensions.DependencyInjection
                .ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(builder.Services, clock), app.TablePrefix);
        clock.Advance(TimeSpan.FromMinutes(5));

        await other.Get<MailOutbox>().ResumeAsync(CancellationToken.None);

        var sent = await Task.WhenAll(folder.GetFiles("*.eml").Select(file => MimeKit.MimeMessage.LoadAsync(file.FullName)));
        Assert.Equal(["123456 is your code", "Old"], sent.Select(mail => mail.Subject).Order(StringComparer.Ordinal));
        folder.Delete(recursive: true);
    }
}
