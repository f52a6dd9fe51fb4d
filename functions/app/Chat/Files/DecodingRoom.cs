namespace Vox.Chat.Files;

/// <summary>
/// The memory that images may take together while they are decoded. Whoever wants more than is left waits until others are done.
/// </summary>
internal sealed class DecodingRoom(long most) : IDisposable
{
    private const int Unit = 1_048_576;

    // Decoder, scaler and encoder take this much for any image.
    private const int Least = 12;

    private readonly SemaphoreSlim units = new((int)Math.Max(Least, most / Unit));
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Whether an image can be decoded here at all.</summary>
    public bool CanHold(long bytes) => bytes <= most;

    /// <returns>Gives the room back when it is disposed of.</returns>
    public async Task<IDisposable> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(Math.Max(Least, most / Unit), Least + (bytes / Unit));
        var room = new Room(units);
        await turn.WaitAsync(cancellationToken);
        try
        {
            // One after the other, so that two large images never wait for each other with half of what they need.
            while (room.Taken < wanted)
            {
                await units.WaitAsync(cancellationToken);
                room.Taken++;
            }

            return room;
        }
        catch
        {
            room.Dispose();
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        units.Dispose();
        turn.Dispose();
    }

    private sealed class Room(SemaphoreSlim units) : IDisposable
    {
        public int Taken { get; set; }

        public void Dispose()
        {
            if (Taken > 0)
            {
                units.Release(Taken);
                Taken = 0;
            }
        }
    }
}
