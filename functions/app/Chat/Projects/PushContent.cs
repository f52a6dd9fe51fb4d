namespace Vox.Chat.Projects;

/// <summary>What a project's push messages say.</summary>
public enum PushContent
{
    /// <summary>Who writes, and the text.</summary>
    Full,

    /// <summary>Who writes, and no text.</summary>
    Name,

    /// <summary>Only that there is a message.</summary>
    None,
}
