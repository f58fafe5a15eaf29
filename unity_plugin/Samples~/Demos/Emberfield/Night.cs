using System;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>One night: three watches, each completed after its peak. The warden of the last watch holds back the
    /// dawn until it falls, or for some seconds; then the night is won.</summary>
    public sealed class Night
    {
        /// <summary>Watches of a night.</summary>
        public const int Watches = 3;

        /// <summary>Longest time for which the warden holds back the dawn.</summary>
        public const float WardenSeconds = 26f;

        private const float EaseSeconds = 4f;

        private float _guarded;
        private bool _waits;

        /// <summary>A watch was completed; its number, from 1.</summary>
        public event Action<int> WatchKept;

        /// <summary>All watches were completed.</summary>
        public event Action Dawned;

        /// <summary>Completed watches.</summary>
        public int Kept { get; private set; }

        /// <summary>Progress of the night, 0..1, eased for the sky.</summary>
        public float Light { get; private set; }

        /// <summary>Whether the night is won.</summary>
        public bool IsOver { get { return Kept >= Watches; } }

        /// <summary>Restarts the night.</summary>
        public void Begin()
        {
            Kept = 0;
            _guarded = 0;
            _waits = false;
        }

        /// <summary>The warden rises: from now on it holds back the dawn.</summary>
        public void Guard() { _guarded = WardenSeconds; }

        /// <summary>The warden fell, or its time is over: the dawn that waited comes.</summary>
        public void Unguard()
        {
            _guarded = 0;
            if (!_waits) return;
            _waits = false;
            Outlive();
        }

        /// <summary>Plays some seconds of the warden's time.</summary>
        public void Play(float seconds)
        {
            if (_guarded > 0 && (_guarded -= seconds) <= 0) Unguard();
        }

        /// <summary>Completes a watch after its peak.</summary>
        public void Outlive()
        {
            if (IsOver) return;
            _waits = _guarded > 0;
            if (_waits) return;
            Kept++;
            if (WatchKept != null) WatchKept(Kept);
            if (IsOver && Dawned != null) Dawned();
        }

        /// <summary>Eases the sky for some seconds: two watches give a glimmer, the third gives the day.</summary>
        public void Advance(float seconds)
        {
            float wanted = IsOver ? 1 : 0.12f * Kept;
            Light = Mathf.Lerp(Light, wanted, 1 - Mathf.Exp(-seconds / EaseSeconds));
        }
    }
}
