namespace Sentio
{
    /// <summary>What a player does in a screen with a keyboard or a gamepad.</summary>
    public enum SentioMove
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>To the control above.</summary>
        Up,

        /// <summary>To the control below.</summary>
        Down,

        /// <summary>To the control at the left in the same row.</summary>
        Left,

        /// <summary>To the control at the right in the same row.</summary>
        Right,

        /// <summary>Presses the control that has the focus.</summary>
        Submit,
    }
}
