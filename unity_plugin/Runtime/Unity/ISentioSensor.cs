namespace Sentio
{
    /// <summary>A sensor that the game can read and the sidecar cannot: a headset's face tracking, its gaze, a heart
    /// strap. Write one for your provider, and hand it to <see cref="SentioSensors"/>.</summary>
    public interface ISentioSensor
    {
        /// <summary>A name of its own, such as <c>quest_face</c>; may not change.</summary>
        string Stream { get; }

        /// <summary>What it measures: face (weights 0..1), ppg, ecg, eda, resp, temp, accel or eeg. It decides which
        /// consent is needed: headset for face, eeg for eeg, body for all else.</summary>
        string Role { get; }

        /// <summary>The channels' names, at most 128; ARKit's or a headset's own for face. A new array where they
        /// change.</summary>
        string[] Channels { get; }

        /// <summary>Fills in one number a channel; false where there is nothing new, or it is not worn.</summary>
        bool Read(float[] values);
    }
}
