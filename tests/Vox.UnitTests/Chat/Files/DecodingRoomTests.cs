using Vox.Chat.Files;

namespace Vox.Tests.Files;

public sealed class DecodingRoomTests
{
    private const int MiB = 1_048_576;

    [Fact]
    public async Task Take_MoreThanIsLeft_WaitsUntilOthersAreDone()
    {
        using var room = new DecodingRoom(100 * MiB);
        var first = await room.TakeAsync(50 * MiB, CancellationToken.None);

        var second = room.TakeAsync(50 * MiB, CancellationToken.None);
        Assert.False(second.IsCompleted);
        first.Dispose();

        (await second).Dispose();
        (await room.TakeAsync(100 * MiB, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task Take_GivenUpWhileWaiting_GivesBackWhatItHad()
    {
        using var room = new DecodingRoom(100 * MiB);
        using var stop = new CancellationTokenSource();
        var first = await room.TakeAsync(50 * MiB, CancellationToken.None);
        var second = room.TakeAsync(80 * MiB, stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();

        (await room.TakeAsync(100 * MiB, CancellationToken.None)).Dispose();
    }

    [Fact]
    public void CanHold_MoreThanThereIs_No()
    {
        using var room = new DecodingRoom(100 * MiB);

        Assert.True(room.CanHold(100 * MiB));
        Assert.False(room.CanHold((100 * MiB) + 1));
    }
}
