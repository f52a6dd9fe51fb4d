namespace Vox.DevHost.DevTools;

/// <summary>Settings of a local Azurite.</summary>
internal sealed record AzuriteOptions
{
    /// <summary>Blob port on 127.0.0.1. The queue port is the next one, the table port the one after. 0 picks three free ports.</summary>
    public int BlobPort { get; init; } = 10000;

    /// <summary>Folder for the data; one Azurite uses it at a time. Null keeps everything in memory until the process ends.</summary>
    public string? Location { get; init; }

    /// <summary>How long the previous Azurite on <see cref="Location"/> may take to save and leave.</summary>
    public TimeSpan FolderTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long Azurite may take to answer. It needs about two seconds, more on a busy machine.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the search for Azurite begins: the folder of the running app.</summary>
    public string AppFolder { get; init; } = AppContext.BaseDirectory;
}
