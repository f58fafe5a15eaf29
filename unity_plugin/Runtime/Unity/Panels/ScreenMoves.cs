using UnityEngine;

namespace Sentio
{
    /// <summary>Turns a held direction into single moves: one at once, more while it is held.</summary>
    internal sealed class ScreenMoves
    {
        private const float Tilt = 0.5f;
        private const float FirstRepeat = 0.45f;
        private const float NextRepeat = 0.12f;

        private SentioMove _held;
        private float _wait;
        private bool _opening = true;

        /// <summary>What is read; tests set their own.</summary>
        internal IPad Pad { get; set; } = new Pad();

        /// <summary>From now on for a screen that opens: what is held at that moment does nothing.</summary>
        internal void Begin() { _opening = true; }

        /// <summary>The move of this frame, which took some seconds.</summary>
        internal SentioMove Read(float seconds)
        {
            SentioMove now = Of(Pad.Direction);
            bool submits = Pad.Submits, changed = now != _held;
            _held = now;
            if (_opening)
            {
                _opening = false;
                _wait = float.PositiveInfinity;
                return SentioMove.None;
            }
            if (submits) return SentioMove.Submit;
            if (changed) _wait = FirstRepeat;
            if (changed || now == SentioMove.None) return now;
            _wait -= seconds;
            if (_wait > 0) return SentioMove.None;
            _wait = NextRepeat;
            return now;
        }

        private static SentioMove Of(Vector2 direction)
        {
            float x = Mathf.Abs(direction.x), y = Mathf.Abs(direction.y);
            if (Mathf.Max(x, y) < Tilt) return SentioMove.None;
            if (x > y) return direction.x > 0 ? SentioMove.Right : SentioMove.Left;
            return direction.y > 0 ? SentioMove.Up : SentioMove.Down;
        }
    }
}
