namespace Sentio
{
    /// <summary>Entries of the affect vector, in the order of PROTOCOL.md, section 4.</summary>
    public enum AffectEntry
    {
        // Begin of entries: written by tests/vectors/make_entries.py.
        /// <summary>Valence, -1..1.</summary>
        Valence = 0,

        /// <summary>Arousal, -1..1.</summary>
        Arousal = 1,

        /// <summary>Dominance, -1..1.</summary>
        Dominance = 2,

        /// <summary>Standard deviation of valence.</summary>
        ValenceSd = 3,

        /// <summary>Standard deviation of arousal.</summary>
        ArousalSd = 4,

        /// <summary>Standard deviation of dominance.</summary>
        DominanceSd = 5,

        /// <summary>Probability of neutral, 0..1.</summary>
        PNeutral = 6,

        /// <summary>Probability of happiness, 0..1.</summary>
        PHappiness = 7,

        /// <summary>Probability of surprise, 0..1.</summary>
        PSurprise = 8,

        /// <summary>Probability of sadness, 0..1.</summary>
        PSadness = 9,

        /// <summary>Probability of anger, 0..1.</summary>
        PAnger = 10,

        /// <summary>Probability of disgust, 0..1.</summary>
        PDisgust = 11,

        /// <summary>Probability of fear, 0..1.</summary>
        PFear = 12,

        /// <summary>Probability of contempt, 0..1.</summary>
        PContempt = 13,

        /// <summary>How mixed the emotions are, 0..1.</summary>
        Entropy = 14,

        /// <summary>Stress, 0..1.</summary>
        Stress = 15,

        /// <summary>Engagement, 0..1.</summary>
        Engagement = 16,

        /// <summary>Relaxation, 0..1.</summary>
        Relaxation = 17,

        /// <summary>Focus, 0..1.</summary>
        Focus = 18,

        /// <summary>Standard deviation of stress.</summary>
        StressSd = 19,

        /// <summary>Standard deviation of engagement.</summary>
        EngagementSd = 20,

        /// <summary>Standard deviation of relaxation.</summary>
        RelaxationSd = 21,

        /// <summary>Standard deviation of focus.</summary>
        FocusSd = 22,

        /// <summary>Beats a minute.</summary>
        HeartRate = 23,

        /// <summary>Heart-rate variability, ms.</summary>
        Rmssd = 24,

        /// <summary>Breaths a minute.</summary>
        BreathingRate = 25,

        /// <summary>Skin conductance level, microsiemens.</summary>
        Scl = 26,

        /// <summary>Skin conductance responses a minute.</summary>
        ScrRate = 27,

        /// <summary>Valence over minutes, -1..1.</summary>
        MoodValence = 28,

        /// <summary>Arousal over minutes, -1..1.</summary>
        MoodArousal = 29,

        /// <summary>Dominance over minutes, -1..1.</summary>
        MoodDominance = 30,

        /// <summary>Flow, 0..1.</summary>
        Flow = 31,

        /// <summary>Boredom, 0..1.</summary>
        Boredom = 32,

        /// <summary>Frustration, 0..1.</summary>
        Frustration = 33,

        /// <summary>Anxiety, 0..1.</summary>
        Anxiety = 34,

        /// <summary>How much is known, 0..1.</summary>
        Confidence = 35,

        /// <summary>Weight of face in the fusion, 0..1.</summary>
        FaceWeight = 36,

        /// <summary>Quality of face, 0..1.</summary>
        FaceQuality = 37,

        /// <summary>Seconds since the last estimate of face.</summary>
        FaceAge = 38,

        /// <summary>Weight of voice in the fusion, 0..1.</summary>
        VoiceWeight = 39,

        /// <summary>Quality of voice, 0..1.</summary>
        VoiceQuality = 40,

        /// <summary>Seconds since the last estimate of voice.</summary>
        VoiceAge = 41,

        /// <summary>Weight of body in the fusion, 0..1.</summary>
        BodyWeight = 42,

        /// <summary>Quality of body, 0..1.</summary>
        BodyQuality = 43,

        /// <summary>Seconds since the last estimate of body.</summary>
        BodyAge = 44,

        /// <summary>Weight of eeg in the fusion, 0..1.</summary>
        EegWeight = 45,

        /// <summary>Quality of eeg, 0..1.</summary>
        EegQuality = 46,

        /// <summary>Seconds since the last estimate of eeg.</summary>
        EegAge = 47,

        /// <summary>Weight of text in the fusion, 0..1.</summary>
        TextWeight = 48,

        /// <summary>Quality of text, 0..1.</summary>
        TextQuality = 49,

        /// <summary>Seconds since the last estimate of text.</summary>
        TextAge = 50,

        /// <summary>Weight of headset in the fusion, 0..1.</summary>
        HeadsetWeight = 51,

        /// <summary>Quality of headset, 0..1.</summary>
        HeadsetQuality = 52,

        /// <summary>Seconds since the last estimate of headset.</summary>
        HeadsetAge = 53,

        /// <summary>Weight of game in the fusion, 0..1.</summary>
        GameWeight = 54,

        /// <summary>Quality of game, 0..1.</summary>
        GameQuality = 55,

        /// <summary>Seconds since the last estimate of game.</summary>
        GameAge = 56,

        /// <summary>Weight of self in the fusion, 0..1.</summary>
        SelfWeight = 57,

        /// <summary>Quality of self, 0..1.</summary>
        SelfQuality = 58,

        /// <summary>Seconds since the last estimate of self.</summary>
        SelfAge = 59,
        // End of entries.
    }
}
